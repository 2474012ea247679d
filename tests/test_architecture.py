"""The structure holds: import order, one home per library, short pages, no word that hides."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# A module imports only from the lines above its own.
ORDER = [
    ("errors",),
    ("shown", "tables"),
    ("text",),
    ("framework_check",),
    ("sources",),
    ("framework", "viewer"),
    ("places",),
    ("settings",),
    ("submission",),
    ("scoring",),
    ("analysis",),
    ("charts",),
    ("exports",),
    ("workbook",),
    ("store",),
    ("intake",),
    ("demo",),
    ("views",),
    ("access",),
    ("ui",),
    ("web",),
    ("cli",),
    ("__main__",),
]
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}

HOMES = {
    "streamlit": {"app", "pages", "pmqa.ui", "pmqa.access", "pmqa.web"},
    "starlette": {"pmqa.web"},
    "duckdb": {f"pmqa.store.{name}" for name in ("database", "opening", "embedded", "lake", "datapath")},
    "psycopg": {"pmqa.store.lake"},
    "openpyxl": {"pmqa.workbook", "pmqa.exports"},
    "python_calamine": {"pmqa.workbook"},
    "plotly": {"pmqa.charts"},
    "pptx": {"pmqa.exports"},
    "xlsxwriter": {"pmqa.exports"},
    "typst": {"pmqa.exports"},
    "PIL": {"pmqa.exports"},
    "segno": {"pmqa.exports"},
    "tomllib": {"pmqa.framework", "pmqa.text", "pmqa.settings", "pmqa.workbook.foreign"},
}


def sources() -> list[Path]:
    return [ROOT / "app.py", ROOT / "asgi.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "pmqa").rglob("*.py")]


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> list[tuple[str, bool]]:
    """Imported module names, and whether only for types."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, node in typing_only) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"pmqa.{alias.name}" for alias in node.names] if node.module == "pmqa" else [node.module]
            found += [(name, node in typing_only) for name in names]
    return found


def test_every_module_of_the_product_has_its_place_in_the_order():
    modules = {path.stem if path.is_file() else path.name for path in (ROOT / "pmqa").iterdir() if path.stem[0] != "_"}
    assert modules <= set(RANK), modules - set(RANK)


@pytest.mark.parametrize("path", [p for p in sources() if p.is_relative_to(ROOT / "pmqa")], ids=module_of)
def test_a_module_imports_only_those_above_it(path):
    own = [*module_of(path).split("."), "__main__"][1]
    for name, _ in imports_of(path):
        if name.startswith("pmqa.") and (part := name.split(".")[1]) != own:
            assert RANK[part] < RANK.get(own, 0) or own == "__main__", f"{module_of(path)} imports {name}"


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_each_library_has_one_home(path):
    module = module_of(path)
    for name, for_types in imports_of(path):
        homes = HOMES.get(name.split(".")[0])
        at_home = homes is None or any(module == home or module.startswith(f"{home}.") for home in homes)
        assert at_home or for_types, f"{module} imports {name}"


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_the_environment_is_read_in_one_place(path):
    reads = "os.environ" in path.read_text(encoding="utf-8") or "getenv" in path.read_text(encoding="utf-8")
    assert not reads or module_of(path) == "pmqa.settings"


def test_pages_are_short_and_the_router_is_a_table_of_contents():
    for path in (ROOT / "pages").glob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 80, path.name
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) <= 40


def test_no_module_outgrows_its_reader():
    for path in sources():
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 600, path


def test_no_module_hides_behind_a_word_that_says_nothing():
    words = {"utils", "util", "common", "helpers", "services", "core", "misc", "many", "ends", "closing", "standing"}
    assert not [path for path in sources() if words & set(path.relative_to(ROOT).with_suffix("").parts)]


CHANGES_OF_THE_STORE = {
    *("record", "record_many", "record_accepted", "withdraw", "restore", "remove_samples"),
    *("change_agencies", "expect", "save_peer_group", "give_peer_group", "add_senders"),
    "change",  # the people who are let in
    *("save_scenario", "remove_scenario", "save_action", "remove_action", "report_progress", "save_efforts"),
    *("make_storyboard", "change_storyboard", "remove_storyboard"),
    *("add_slide", "word_slide", "move_slide", "remove_slide", "renew_slides"),
    *("keep_link", "save_view", "remove_view", "save_note", "remove_note"),
}


@pytest.mark.parametrize("path", [p for p in sources() if module_of(p).startswith(("pages", "pmqa.ui"))], ids=module_of)
def test_a_page_changes_nothing_without_saying_who_looks(path):
    """Without a viewer, the store takes a change for the product's own, which may do everything."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
            given = {keyword.arg for keyword in node.keywords}
            assert name not in CHANGES_OF_THE_STORE or "viewer" in given, f"{path}:{node.lineno} {name}"


@pytest.mark.parametrize("path", [p for p in sources() if module_of(p).startswith("pmqa.views")], ids=module_of)
def test_what_is_shown_changes_nothing_and_reads_no_session(path):
    """HOMES keeps Streamlit away from it."""
    changes = CHANGES_OF_THE_STORE | {"change_setting", "note", "set_aside"}
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    assert not [node for node in calls if getattr(node.func, "attr", None) in changes]


def test_how_rows_are_replaced_and_returned_is_the_databases_business():
    """Not every engine has these; who adds one has one module to write anew."""
    own = re.compile(r"\b(RETURNING|OR REPLACE|ON CONFLICT|CHECKPOINT|ATTACH|nextval)\b")
    modules = (ROOT / "pmqa" / "store").glob("*.py")
    assert {path.name for path in modules if own.search(path.read_text(encoding="utf-8"))} <= {"embedded.py", "lake.py"}


def test_every_change_is_made_again_where_another_came_between():
    """Of a lake, a change may fail because another's was committed first; whoever opens a transaction is `retried`."""
    for path in (ROOT / "pmqa" / "store").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and "self._database.transaction()" in ast.unparse(node):
                assert "retried" in [ast.unparse(one) for one in node.decorator_list], f"{path.name} {node.name}"


def test_the_picture_of_the_floors_is_theirs():
    picture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split("```")[1]
    floors = [tuple(re.split(r"\s{2,}", line)[0].split(", ")) for line in picture.strip().splitlines()]
    assert floors == ORDER


@pytest.mark.parametrize("page", ["docs/architecture.md", "CONTRIBUTING.md"])
def test_what_developers_are_sent_to_is_there(page):
    words = (ROOT / page).read_text(encoding="utf-8")
    paths = {word for word in re.findall(r"`([^`\s]+)`", words) if "/" in word or word.endswith((".py", ".md"))}
    assert paths
    assert not [path for path in paths if not (ROOT / path).exists()]
    targets = set(re.findall(r"make ([a-z]+)", words))
    assert not [name for name in targets if f"\n{name}:" not in (ROOT / "Makefile").read_text(encoding="utf-8")]
