"""`python -m samruk.cli`."""

import sys

from samruk.cli import main

sys.exit(main())
