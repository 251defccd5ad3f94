//! Programs of others in Python, in a virtual environment below `target` that is made once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{project, skip};

/// The folder of the programs that `tests/<requirements>` names, with their versions pinned. `None`
/// after having said that the test is skipped, where there is no Python or no way to its packages; in
/// CI that fails the test.
pub(crate) fn programs(requirements: &str) -> Option<PathBuf> {
    let requirements = project().join("tests").join(requirements);
    match install(&requirements) {
        Ok(folder) => Some(folder),
        Err(reason) => {
            skip(&reason);
            None
        }
    }
}

/// Makes the environment what the requirements say: other tests and processes wait.
fn install(requirements: &Path) -> Result<PathBuf, String> {
    let wanted = fs::read_to_string(requirements).map_err(|error| error.to_string())?;
    let name = requirements.parent().and_then(Path::file_name).unwrap_or_default();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python").join(name);
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let lock = fs::File::create(folder.join(".lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    let (stamp, programs) = (folder.join(".installed-from"), folder.join("bin"));
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(programs);
    }
    let path = |path: &Path| path.display().to_string();
    runs("python3", &["-m", "venv", "--clear", &path(&folder.join("venv"))])?;
    let pip = path(&folder.join("venv/bin/pip"));
    runs(&pip, &["install", "--quiet", "--disable-pip-version-check", "-r", &path(requirements)])?;
    let _ = fs::remove_file(&programs);
    std::os::unix::fs::symlink("venv/bin", &programs).map_err(|error| error.to_string())?;
    fs::write(&stamp, wanted).map_err(|error| error.to_string())?;
    Ok(programs)
}

fn runs(program: &str, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("{program} does not start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "{program} {} fails: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr).trim()
    ))
}
