"""One self-contained HTML page of what verify proved or rehearse measured: no other file, no script."""
