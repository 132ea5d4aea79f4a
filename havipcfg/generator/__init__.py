"""From a cluster.yaml to configurations, scripts and an apply order for every node."""
