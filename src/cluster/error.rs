//! Why a cluster as a whole gave no answer.

use std::time::Duration;

use crate::error::Exit;
use crate::http::{Reason, one_line};

/// Why a cluster as a whole gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The kubeconfig cannot be read or does not fit.
    #[error("the kubeconfig cannot be used: {reason}")]
    Config {
        /// Why.
        reason: String,
    },
    /// The login plugin of the kubeconfig failed or did not end.
    #[error("the login for {server} failed: {reason}")]
    Login {
        /// Address of the API server.
        server: String,
        /// Why.
        reason: String,
    },
    /// No answer.
    #[error("cannot reach the cluster at {server}: {reason}")]
    Unreachable {
        /// Address of the API server.
        server: String,
        /// Why.
        reason: Reason,
    },
    /// 401: the credentials are not accepted.
    #[error("the cluster at {server} does not accept the credentials of the kubeconfig: {message}")]
    Unauthorized {
        /// Address of the API server.
        server: String,
        /// What the server said.
        message: String,
    },
    /// The cluster does not serve this kind.
    #[error("the cluster does not serve {kind} in {api_version}")]
    KindUnknown {
        /// Kind.
        kind: String,
        /// Group and version.
        api_version: String,
    },
    /// The request was refused, 403 included.
    #[error("the cluster at {server} answered {status}: {message}")]
    Rejected {
        /// Address of the API server.
        server: String,
        /// HTTP status.
        status: u16,
        /// What the server said.
        message: String,
    },
    /// What answers is not a Kubernetes API.
    #[error("{server} does not answer like a Kubernetes API server: {reason}")]
    NotKubernetes {
        /// Address.
        server: String,
        /// What is wrong with the answer.
        reason: String,
    },
    /// The client itself could not be made.
    #[error("{reason}")]
    Setup {
        /// Why.
        reason: String,
    },
}

impl Error {
    /// The exit code that fits when nobody above knows better.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Unreachable { .. } => Exit::Unreachable,
            Self::Login { .. } | Self::Unauthorized { .. } | Self::Rejected { status: 403, .. } => {
                Exit::Login
            }
            Self::Config { .. }
            | Self::KindUnknown { .. }
            | Self::Rejected { .. }
            | Self::NotKubernetes { .. }
            | Self::Setup { .. } => Exit::Usage,
        }
    }

    /// What kube's error means for the cluster as a whole.
    pub(super) fn of(error: &kube::Error, server: &str, limit: Duration) -> Self {
        let server = server.to_owned();
        match error {
            kube::Error::Api(status) if status.code == 401 => {
                Self::Unauthorized { server, message: one_line(&status.message) }
            }
            kube::Error::Api(status) => {
                Self::Rejected { server, status: status.code, message: one_line(&status.message) }
            }
            kube::Error::Auth(error) => Self::Login { server, reason: one_line(&error.to_string()) },
            kube::Error::Service(error) => {
                Self::Unreachable { server, reason: Reason::of(error.as_ref(), limit) }
            }
            kube::Error::HyperError(error) => Self::Unreachable { server, reason: Reason::of(error, limit) },
            kube::Error::SerdeError(_) | kube::Error::FromUtf8(_) | kube::Error::Discovery(_) => {
                Self::NotKubernetes { server, reason: one_line(&error.to_string()) }
            }
            other => Self::Setup { reason: one_line(&other.to_string()) },
        }
    }

    /// Whether every further request would end the same way.
    pub(super) fn is_final(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Unauthorized { .. } | Self::Login { .. })
    }
}
