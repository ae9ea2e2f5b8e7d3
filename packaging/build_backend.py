"""Setuptools, which first says which Python is needed: an old pip would name libraries instead."""

import sys

if sys.version_info < (3, 11):
    sys.exit("Python 3.11 or later is needed, this is " + sys.version.split()[0])

from setuptools.build_meta import *  # noqa: F403
