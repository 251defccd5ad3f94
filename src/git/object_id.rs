//! The names that Git gives to contents.

/// How many bytes [`blob_id`] gives.
pub const ID_LENGTH: usize = 20;

/// The name of a file's content as Git's blob, as `git hash-object --no-filters` tells it: SHA-1, also in
/// repositories that use SHA-256 themselves. `None` for a content that was made to have the name of
/// another, which libgit2 notices.
pub fn blob_id(content: &[u8]) -> Option<[u8; ID_LENGTH]> {
    git2::Oid::hash_object(git2::ObjectType::Blob, content).ok()?.as_bytes().try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::blob_id;

    fn check(content: &[u8], expected: &str) {
        let id = blob_id(content).unwrap();
        assert_eq!(id.map(|byte| format!("{byte:02x}")).concat(), expected);
    }

    #[test]
    fn ids_are_those_that_git_tells() {
        // `git hash-object --stdin`
        check(b"", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        check(b"hello\n", "ce013625030ba8dba906f756967f9e9ca394464a");
        check(b"kind: A\r\n", "ff7f980e17efed62d69047ab8deb28c5968132c2");
    }
}
