"""What touches the disk: CSV tables, whole files and folders, hashes, and worker processes that do not outlive us."""
