"""`python -m aparte` is the command `aparte`."""

from aparte.cli import main

if __name__ == "__main__":
    main()
