//! From kubeconfig files to a client.

use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use kube::config::{Config, ExecInteractiveMode, KubeConfigOptions, Kubeconfig};

use super::Error;
use crate::http::{Runtime, install_crypto, one_line};

/// Which cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Kubeconfig files, merged as kubectl merges `KUBECONFIG`: the first word wins. Missing ones
    /// are left out as long as one is there.
    pub files: Vec<PathBuf>,
    /// Context; `None` for the current one.
    pub context: Option<String>,
    /// Whether a login plugin may ask the user something. Without, it is told so, its prompts go
    /// nowhere, and it has [`QUIET_LOGIN`] to end.
    pub interactive: bool,
}

/// Time for a login plugin that cannot ask anybody.
const QUIET_LOGIN: Duration = Duration::from_secs(30);
/// Time for a login plugin that may wait for somebody in front of a browser.
const LOGIN: Duration = Duration::from_mins(5);
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
const READ_LIMIT: Duration = Duration::from_secs(10);

/// A client and the address of its server.
pub(super) fn client(target: &Target, runtime: &Runtime) -> Result<(kube::Client, String), Error> {
    install_crypto();
    let mut kubeconfig = read(target)?;
    if !target.interactive {
        let users = kubeconfig.auth_infos.iter_mut().filter_map(|user| user.auth_info.as_mut());
        for exec in users.filter_map(|user| user.exec.as_mut()) {
            exec.interactive_mode = Some(ExecInteractiveMode::Never);
        }
    }
    let options = KubeConfigOptions { context: target.context.clone(), ..KubeConfigOptions::default() };
    let unusable = |reason: String| Error::Config { reason: one_line(&reason) };
    let mut config = runtime
        .block_on(Config::from_custom_kubeconfig(kubeconfig, &options))
        .map_err(|error| unusable(error.to_string()))?
        .map_err(|error| unusable(error.to_string()))?;
    config.connect_timeout = Some(CONNECT_LIMIT);
    config.read_timeout = Some(READ_LIMIT);
    config.write_timeout = Some(READ_LIMIT);
    // kube would ask up to 15 times, which looks like a hang
    config.default_retry = false;
    let server = config.cluster_url.to_string().trim_end_matches('/').to_owned();
    let limit = if target.interactive { LOGIN } else { QUIET_LOGIN };
    Ok((log_in(config, runtime, &server, limit)?, server))
}

fn read(target: &Target) -> Result<Kubeconfig, Error> {
    let unusable =
        |error: kube::config::KubeconfigError| Error::Config { reason: one_line(&error.to_string()) };
    let present: Vec<&PathBuf> = target.files.iter().filter(|file| file.is_file()).collect();
    if present.is_empty() {
        let names: Vec<String> = target.files.iter().map(|file| file.display().to_string()).collect();
        return Err(Error::Config { reason: format!("no such file: {}", names.join(", ")) });
    }
    present.into_iter().try_fold(Kubeconfig::default(), |merged, file| {
        merged.merge(Kubeconfig::read_from(file).map_err(unusable)?).map_err(unusable)
    })
}

/// Makes the client. That runs the login plugin to its end, so it happens on a thread that can be
/// left behind.
fn log_in(config: Config, runtime: &Runtime, server: &str, limit: Duration) -> Result<kube::Client, Error> {
    let handle = runtime.handle().map_err(|error| Error::Setup { reason: error.to_string() })?;
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let _inside = handle.enter();
        // the receiver is gone when it took too long
        let _ = sender.send(kube::Client::try_from(config));
    });
    match receiver.recv_timeout(limit) {
        Ok(Ok(client)) => Ok(client),
        Ok(Err(error)) => Err(Error::of(&error, server, limit)),
        Err(RecvTimeoutError::Timeout) => Err(Error::Login {
            server: server.to_owned(),
            reason: format!("the login plugin of the kubeconfig did not end within {} s", limit.as_secs()),
        }),
        Err(RecvTimeoutError::Disconnected) => {
            Err(Error::Setup { reason: "the Kubernetes client could not be made".to_owned() })
        }
    }
}
