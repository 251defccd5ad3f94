//! Entities to Kubernetes objects.
