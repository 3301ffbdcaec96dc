"""`python -m biaoshi` is the command line."""

from biaoshi.cli import main

if __name__ == "__main__":  # worker processes of a load import this file, too
    main()
