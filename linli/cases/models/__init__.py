"""The nouns of the trunk; Django finds them through these imports."""

import linli.cases.models.case
import linli.cases.models.catalogue
import linli.cases.models.story  # noqa: F401 - Django registers what it imports
