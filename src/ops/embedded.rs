//! The folders that are part of the program.

use include_dir::{Dir, File};

/// Every file of a folder, those of the folders below it included.
pub(super) fn all_files<'a>(folder: &'a Dir<'a>) -> Vec<&'a File<'a>> {
    let below = folder.dirs().flat_map(all_files);
    folder.files().chain(below).collect()
}
