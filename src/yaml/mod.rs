//! YAML as one flat tree with byte spans.
