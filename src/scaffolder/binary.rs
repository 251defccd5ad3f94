//! Whether a file is text that may be rendered, by the rules of npm `isbinaryfile` 5, which the
//! fetch actions of Backstage ask.

/// How many bytes are looked at, and how many more may finish the last character.
const SCANNED: usize = 512;
const RESERVE: usize = 3;

/// Whether content counts as binary: a NUL byte, a PDF, more than a tenth of bytes that are neither
/// printable nor UTF-8, or more than one of these and the shape of a protocol buffer.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    let total = &bytes[..bytes.len().min(SCANNED + RESERVE)];
    let scanned = total.len().min(SCANNED);
    if total.is_empty() || has_byte_order_mark(total) {
        return false;
    }
    if total.starts_with(b"%PDF-") {
        return true;
    }
    if total.starts_with(&[0xfe, 0xff]) || total.starts_with(&[0xff, 0xfe]) {
        return false;
    }
    let (mut at, mut suspicious) = (0, 0);
    while at < scanned {
        let byte = total[at];
        if byte == 0 {
            return true;
        }
        if !matches!(byte, 7..=14 | 32..=127) {
            let (consumed, whole) = utf8_tail(total, at);
            at += consumed;
            if !whole {
                suspicious += 1;
                if at >= 32 && suspicious * 100 > 10 * scanned {
                    return true;
                }
            }
        }
        at += 1;
    }
    suspicious * 100 > 10 * scanned || (suspicious > 1 && is_protocol_buffer(&total[..scanned]))
}

fn has_byte_order_mark(bytes: &[u8]) -> bool {
    const MARKS: [&[u8]; 4] =
        [&[0xef, 0xbb, 0xbf], &[0, 0, 0xfe, 0xff], &[0xff, 0xfe, 0, 0], &[0x84, 0x31, 0x95, 0x33]];
    MARKS.iter().any(|mark| bytes.starts_with(mark))
}

/// How far the byte at `at` reaches into those behind it, and whether it starts a whole character.
/// A broken one swallows the byte behind it, as in the original.
fn utf8_tail(bytes: &[u8], at: usize) -> (usize, bool) {
    let tail = match bytes[at] {
        0xc0..=0xdf => 1,
        0xe0..=0xef => 2,
        0xf0..=0xf7 => 3,
        _ => return (0, false),
    };
    match bytes.get(at + 1..=at + tail) {
        None => (0, false),
        Some(rest) if rest.iter().all(|byte| matches!(byte, 0x80..=0xbf)) => (tail, true),
        Some(_) => (1, false),
    }
}

fn is_protocol_buffer(bytes: &[u8]) -> bool {
    let mut at = 0;
    let mut messages = 0;
    loop {
        let Some(tag) = variable_integer(bytes, &mut at) else { return messages > 0 };
        let skipped = match tag & 7 {
            0 => variable_integer(bytes, &mut at).map(|_| 0),
            1 => Some(8),
            2 => variable_integer(bytes, &mut at).map(|length| usize::try_from(length).unwrap_or(0)),
            5 => Some(4),
            _ => return false,
        };
        match skipped.map(|length| at + length) {
            Some(next) if next <= bytes.len() => at = next,
            _ => return messages > 0,
        }
        messages += 1;
    }
}

/// A base-128 integer with the 32-bit arithmetic of JavaScript; `None` when it does not end.
fn variable_integer(bytes: &[u8], at: &mut usize) -> Option<i32> {
    let mut value = 0_i32;
    for index in 0..=10_u32 {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value |= i32::from(byte & 0x7f).wrapping_shl(7 * index);
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::is_binary;

    fn check(bytes: &[u8], binary: bool) {
        assert_eq!(is_binary(bytes), binary, "{bytes:?}");
    }

    #[test]
    fn text_is_rendered_and_binaries_are_not() {
        check(b"", false);
        check(b"plain\r\n\ttext", false);
        check("\u{feff}marked".as_bytes(), false);
        check("grün, 日本語, 🦀".as_bytes(), false);
        check(b"a\0b", true);
        check(b"%PDF-1.7", true);
        check(&[0xff, 0xfe, b'a', 0], false);
        check(&[0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a], true);
        check(b"caf\xe9 au lait, s'il vous pla\xeet, et un croissant avec de la confiture", false);
    }
}
