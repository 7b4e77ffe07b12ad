"""The papers behind the methods of the report: how each is called in the text, and the whole reference."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A paper: its key, its short form for the text, its reference."""

    key: str
    short: str
    reference: str


CITATIONS = (
    Citation(key="km", short="Kaplan and Meier 1958", reference="Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457–481"),
    Citation(
        key="median", short="Brookmeyer and Crowley 1982", reference="Brookmeyer R, Crowley J. Biometrics 1982;38:29–41"
    ),
    Citation(
        key="followup",
        short="Schemper and Smith 1996",
        reference="Schemper M, Smith TL. Control Clin Trials 1996;17:343–346",
    ),
    Citation(
        key="landmark",
        short="Anderson, Cain and Gelber 1983",
        reference="Anderson JR, Cain KC, Gelber RD. J Clin Oncol 1983;1:710–719",
    ),
    Citation(key="dafni", short="Dafni 2011", reference="Dafni U. Circ Cardiovasc Qual Outcomes 2011;4:363–371"),
    Citation(
        key="guarantee",
        short="Giobbie-Hurder et al. 2013",
        reference="Giobbie-Hurder A, Gelber RD, Regan MM. J Clin Oncol 2013;31:2963–2969",
    ),
    Citation(
        key="bootstrap",
        short="Efron and Tibshirani 1993",
        reference="Efron B, Tibshirani RJ. An Introduction to the Bootstrap. 1993",
    ),
    Citation(
        key="rmst", short="Royston and Parmar 2013", reference="Royston P, Parmar MKB. BMC Med Res Methodol 2013;13:152"
    ),
    Citation(
        key="fixed",
        short="Klein et al. 2007",
        reference="Klein JP, Logan B, Harhoff M, Andersen PK. Stat Med 2007;26:4505–4519",
    ),
    Citation(key="cox", short="Cox 1972", reference="Cox DR. J R Stat Soc B 1972;34:187–220"),
    Citation(key="ties", short="Efron 1977", reference="Efron B. J Am Stat Assoc 1977;72:557–565"),
    Citation(
        key="firth", short="Heinze and Schemper 2001", reference="Heinze G, Schemper M. Biometrics 2001;57:114–119"
    ),
    Citation(
        key="zph", short="Grambsch and Therneau 1994", reference="Grambsch PM, Therneau TM. Biometrika 1994;81:515–526"
    ),
    Citation(key="epv", short="Peduzzi et al. 1995", reference="Peduzzi P, et al. J Clin Epidemiol 1995;48:1503–1510"),
    Citation(key="byar", short="Mantel and Byar 1974", reference="Mantel N, Byar DP. J Am Stat Assoc 1974;69:81–86"),
    Citation(key="makuch", short="Simon and Makuch 1984", reference="Simon R, Makuch RW. Stat Med 1984;3:35–44"),
    Citation(key="aj", short="Aalen and Johansen 1978", reference="Aalen OO, Johansen S. Scand J Stat 1978;5:141–150"),
    Citation(key="logrank", short="Mantel 1966", reference="Mantel N. Cancer Chemother Rep 1966;50:163–170"),
    Citation(key="gray", short="Gray 1988", reference="Gray RJ. Ann Stat 1988;16:1141–1154"),
    Citation(
        key="spline",
        short="Hastie and Tibshirani 1990",
        reference="Hastie TJ, Tibshirani RJ. Generalized Additive Models. 1990",
    ),
    Citation(key="concordance", short="Harrell et al. 1982", reference="Harrell FE, et al. JAMA 1982;247:2543–2546"),
    Citation(key="slope", short="van Houwelingen 2000", reference="van Houwelingen HC. Stat Med 2000;19:3401–3415"),
    Citation(key="fisher", short="Fisher 1922", reference="Fisher RA. J R Stat Soc 1922;85:87–94"),
    Citation(
        key="weibull",
        short="Kalbfleisch and Prentice 2002",
        reference="Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure Time Data. 2nd ed. 2002",
    ),
    Citation(
        key="exact", short="Clopper and Pearson 1934", reference="Clopper CJ, Pearson ES. Biometrika 1934;26:404–413"
    ),
    Citation(key="newcombe", short="Newcombe 1998", reference="Newcombe RG. Stat Med 1998;17:873–890"),
    Citation(key="turnbull", short="Turnbull 1976", reference="Turnbull BW. J R Stat Soc B 1976;38:290–295"),
    Citation(key="smd", short="Austin 2009", reference="Austin PC. Stat Med 2009;28:3083–3107"),
    Citation(key="kappa", short="Cohen 1960", reference="Cohen J. Educ Psychol Meas 1960;20:37–46"),
    Citation(
        key="ba", short="Bland and Altman 1999", reference="Bland JM, Altman DG. Stat Methods Med Res 1999;8:135–160"
    ),
    Citation(key="icc", short="McGraw and Wong 1996", reference="McGraw KO, Wong SP. Psychol Methods 1996;1:30–46"),
    Citation(key="rubin", short="Barnard and Rubin 1999", reference="Barnard J, Rubin DB. Biometrika 1999;86:948–955"),
)
_BY_KEY = {citation.key: citation for citation in CITATIONS}
_MARK = re.compile(r"\[(\w+)\]")


def name_citations(text: str) -> str:
    """Write the marks of a text as short forms.

    Examples
    --------
    >>> name_citations("A Cox model [cox].")
    'A Cox model (Cox 1972).'
    """
    return _MARK.sub(lambda mark: f"({_BY_KEY[mark[1]].short})", text)


def list_references(texts: Iterable[str]) -> str:
    """List the papers that texts mark, in the order of their first mention, as one sentence each."""
    keys = dict.fromkeys(key for text in texts for key in _MARK.findall(text))
    return " ".join(f"{_BY_KEY[key].reference}." for key in keys)
