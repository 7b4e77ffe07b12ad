"""From a point in the baseline scan to the same place in the follow-up.

Public names: :func:`register`, :class:`Registration`, :class:`Prediction`, :func:`same_table_place`.
"""

from recist.register.prediction import Prediction
from recist.register.registration import Registration, register
from recist.register.table_place import same_table_place

__all__ = ["Prediction", "Registration", "register", "same_table_place"]
