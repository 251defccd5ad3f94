"""Fills a Go template, with Go itself and the functions of sprig: fill.py TEMPLATE < values.json"""

import json
import sys
from pathlib import Path

from go_template import render

text = render(Path(sys.argv[1]), json.load(sys.stdin)).decode()
if text.startswith("render template failed"):
    sys.exit(text)
sys.stdout.write(text)
