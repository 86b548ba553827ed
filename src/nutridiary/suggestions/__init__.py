"""Foods that would close a gap: a few plain foods, in household portions, within every limit.

`suggest` is the step; `Wishes` is what a person does not eat; `limit_nutrients` are the nutrients the days must be
worked out for besides those of a report. The programme behind it is written out in ``docs/suggestions.md``.
"""

from nutridiary.suggestions.aims import limit_nutrients
from nutridiary.suggestions.people import suggest
from nutridiary.suggestions.programme import require_solver
from nutridiary.suggestions.wishes import Wishes
from nutridiary.suggestions.words import cautions_of

__all__ = ["Wishes", "cautions_of", "limit_nutrients", "require_solver", "suggest"]
