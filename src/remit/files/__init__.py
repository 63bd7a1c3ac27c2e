"""What touches the machine: CSV tables, whole files and folders, locks, hashes, manifests, memory, worker processes."""
