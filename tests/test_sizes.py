"""A file is read in one sitting, a function on one screen."""

import ast

from tests.house import ROOT, sources

FILE, SCREEN = 400, 45


def test_no_file_is_longer_than_400_lines():
    files = sources("start.py", "conftest.py", "config/*.py", "linli/**/*.py", "tests/**/*.py")
    files += sources("bench/**/*.py", "linli/**/templates/**/*.html")
    long = {
        str(path.relative_to(ROOT)): count
        for path in files
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > FILE
    }
    assert long == {}


def test_no_function_is_longer_than_a_screen():
    files = [
        path
        for path in sources("start.py", "config/*.py", "linli/**/*.py")
        if "tests" not in path.parts
    ]
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno >= SCREEN
    }
    assert long == {}
