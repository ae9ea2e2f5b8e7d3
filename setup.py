"""Say which Python is needed before pip looks for libraries: an old pip would name those it cannot find."""

import sys

from setuptools import setup

if sys.version_info < (3, 11):
    sys.exit("Python 3.11 or later is needed, this is " + sys.version.split()[0])
setup()
