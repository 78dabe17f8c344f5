"""Every rule for Python holds where it should, and nowhere near it."""

from __future__ import annotations

import pytest

from agents.codebase.structure.evidence import python
from tests.agents.codebase.structure.evidence.reading import rules

LOOP = "for x in xs:\n    "
ASYNC = "async def f():\n    "

CASES = {
    "code-execution": ("eval(text)", "eval('1 + 1')\nmodel.eval()\n# eval(text)\nprint('eval(x)')"),
    "unsafe-deserialisation": (
        "import yaml\nyaml.load(f, Loader=yaml.Loader)",
        "import yaml\nyaml.load(f, Loader=yaml.SafeLoader)",
    ),
    "shell-injection": (
        "import subprocess as sp\nsp.run(f'ls {name}', shell=True)",
        "from subprocess import run\nrun(['ls', name])\nrun('ls -l', shell=True)\nrun(f'ls {FOLDER}', shell=True)",
    ),
    "shell-command": ("from os import system\nsystem(command)", "import os\nos.system('clear')\nself.system(command)"),
    "sql-injection": (
        "def f(c, n):\n    q = 'SELECT * FROM t WHERE a=' + n\n    c.execute(q)",
        "c.execute('SELECT * FROM t WHERE a=?', (n,))\nc.execute(f'SELECT * FROM {TABLE}')\nc.execute(f'run {job}')",
    ),
    "path-from-request": ("open(request.args['name'])", "open(name)"),
    "request-forgery": ("import requests\nrequests.get(request.args.get('url'))", "import requests\nrequests.get(URL)"),
    "open-redirect": (
        "from flask import redirect\nredirect(request.args['next'])",
        "from flask import redirect\nredirect(url_for('index'))",
    ),
    "html-injection": ("from markupsafe import Markup\nMarkup(text)", "from markupsafe import Markup\nMarkup('<br>')"),
    "template-injection": (
        "import flask\nflask.render_template_string(f'<p>{x}')",
        "import flask\nflask.render_template_string('<p>{{ x }}', x=x)",
    ),
    "weak-hash": (
        "import hashlib\nhashlib.md5(password)",
        "import hashlib\nhashlib.md5(page)\nhashlib.md5(password, usedforsecurity=False)\nhashlib.sha256(password)",
    ),
    "weak-cipher": (
        "from Crypto.Cipher import AES\nAES.new(k, AES.MODE_ECB)",
        "from Crypto.Cipher import AES\nAES.new(k, AES.MODE_GCM)",
    ),
    "weak-random": (
        "import random\ntoken = random.choice(LETTERS)",
        "import random\ncolour = random.choice(COLOURS)\nimport secrets\ntoken = secrets.choice(LETTERS)",
    ),
    "tls-verification-off": (
        "import requests\nrequests.get(u, verify=False)",
        "import requests\nrequests.get(u, verify=True)",
    ),
    "debug-enabled": ("app.run(debug=True)", "app.run(debug=settings.debug)\nrun(debug_level=True)"),
    "open-bind": ("sock.bind(('0.0.0.0', 80))", "sock.bind(('127.0.0.1', 80))"),
    "permissive-cors": (
        "app.add_middleware(CORSMiddleware, allow_origins=['*'])",
        "app.add_middleware(CORSMiddleware, allow_origins=['https://a.b'])",
    ),
    "temporary-file": ("import tempfile\ntempfile.mktemp()", "import tempfile\ntempfile.mkstemp()"),
    "archive-extraction": ("tar.extractall(path)", "tar.extractall(path, filter='data')"),
    "token-unverified": (
        "import jwt\njwt.decode(t, options={'verify_signature': False})",
        "import jwt\njwt.decode(t, key, algorithms=['HS256'])",
    ),
    "world-writable": ("import os\nos.chmod(p, 0o777)", "import os\nos.chmod(p, 0o755)"),
    "xml-entities": (
        "from lxml import etree\netree.XMLParser(resolve_entities=True)",
        "from lxml import etree\netree.XMLParser(resolve_entities=False)",
    ),
    "query-in-loop": (
        LOOP + "cursor.execute(Q, x)",
        "for row in cursor.execute(Q):\n    print(row)\n" + LOOP + "db.execute(x)",
    ),
    "http-call-in-loop": (
        "import requests\n" + LOOP + "requests.get(x)",
        "import requests\nfor x in requests.get(u).json():\n    print(x)",
    ),
    "remote-call-in-loop": (LOOP + "s3_client.get_object(Key=x)", LOOP + "self.get_object(x)"),
    "process-in-loop": ("import subprocess\n" + LOOP + "subprocess.run([x])", "import subprocess\nsubprocess.run([x])"),
    "repeated-read": (LOOP + "open('rates.csv')", LOOP + "open(x)\n    open('log', 'a')"),
    "string-growth": (
        "s = ''\n" + LOOP + "s += 'a' + x",
        LOOP + "s = ''\n    s += 'a'\n    n += 1\n    d[x] += 'a'\n    n += (x == 'a') - 1",
    ),
    "copy-growth": (LOOP + "out = out + [x]", LOOP + "out.append(x)\n    total = total + x"),
    "list-membership-in-loop": (
        "seen = []\n" + LOOP + "if x in seen: pass",
        "seen = set()\nkinds = ['a', 'b']\n" + LOOP + "if x in seen or x in kinds: pass",
    ),
    "front-of-list": (LOOP + "out.insert(0, x)", LOOP + "out.pop()\n    d.pop(0, None)\nout.insert(0, x)"),
    "nested-loop-same-collection": (
        "for a in xs:\n    for b in xs: pass",
        "for a in xs:\n    for b in ys: pass\nfor b in xs: pass",
    ),
    "blocking-in-async": (
        "import time\n" + ASYNC + "time.sleep(1)",
        "import asyncio, time\n" + ASYNC + "await asyncio.sleep(1)\n    def g(): time.sleep(1)",
    ),
    "regex-in-loop": (
        "import re\n" + LOOP + "re.compile('a+')",
        "import re\n" + LOOP + "re.compile(x)\nre.compile('a+')",
    ),
    "copy-in-loop": ("import copy\n" + LOOP + "copy.deepcopy(config)", "import copy\n" + LOOP + "copy.deepcopy(x)"),
    "frame-growth": (
        "import pandas as pd\n" + LOOP + "df = pd.concat([df, x])",
        "import pandas as pd\npd.concat(parts)",
    ),
    "row-iteration": ("for i, row in df.iterrows(): pass", "for row in df.itertuples(): pass"),
    "unbounded-read": ("for line in f.readlines(): pass", "for line in f: pass\nlines = f.readlines()"),
    "unbounded-query": ("c.execute('SELECT * FROM events')", "c.execute('SELECT * FROM events LIMIT 10')"),
}


@pytest.mark.parametrize("rule", sorted({rule.name for rule in python.RULES}))
def test_should_find_the_shape_and_leave_its_harmless_neighbour(rule: str) -> None:
    shape, harmless = CASES[rule]

    assert rule in rules("python", shape)
    assert rule not in rules("python", harmless)


def test_should_not_read_code_out_of_comments_and_strings() -> None:
    source = (
        '"""os.system(x); eval(x); pickle.loads(x)"""\n# eval(x)\nprint("import pickle; pickle.loads(x); eval(y)")\n'
    )

    assert rules("python", source) == set()


def test_should_know_an_imported_name_by_its_alias_only() -> None:
    assert "unsafe-deserialisation" in rules("python", "from pickle import loads as read\nread(x)")
    assert "unsafe-deserialisation" not in rules("python", "from json import loads\nloads(x)")
