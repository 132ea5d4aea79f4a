"""``python -m havipcfg``."""

from havipcfg.cli import main

main()
