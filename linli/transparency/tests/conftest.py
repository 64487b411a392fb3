"""The small town of the cases' tests."""

from linli.cases.tests.conftest import town  # noqa: F401 - a fixture
