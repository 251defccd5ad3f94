//! A Kubernetes cluster, through kube.
