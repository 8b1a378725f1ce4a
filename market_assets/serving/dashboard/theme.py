"""The colours and letters of all pages: quiet, few, and told apart in grey too."""

INK = "#1b2733"
MUTED = "#5a6673"
RULE = "#dde2e7"
PAPER = "#ffffff"
WASH = "#f7f6f2"
BLUE = "#1d4f73"
OCHRE = "#b8661a"
SAND = "#f8e8d4"
SLATE = "#7d8c99"
GREEN = "#4b7f6f"
PALE = "#b9cbd8"
SERIES = (BLUE, OCHRE, SLATE, GREEN)
SHADES = ((0.0, "#f3ead9"), (0.5, "#a9bfce"), (1.0, BLUE))
"""From little to much: ever darker, so that it is read in grey too."""
SANS = '"Source Sans", "Source Sans 3", "Segoe UI", Helvetica, Arial, sans-serif'

THEME = {
    "theme.base": "light",
    "theme.primaryColor": BLUE,
    "theme.backgroundColor": PAPER,
    "theme.secondaryBackgroundColor": WASH,
    "theme.textColor": INK,
    "theme.linkColor": BLUE,
    "theme.borderColor": RULE,
    "theme.dataframeBorderColor": RULE,
    "theme.dataframeHeaderBackgroundColor": WASH,
    "theme.font": "sans-serif",
    "theme.headingFont": "serif",
    "theme.baseFontSize": "15",
    "theme.baseRadius": "small",
    "theme.showWidgetBorder": "true",
    "theme.sidebar.backgroundColor": WASH,
}
"""Options of Streamlit."""

STYLE = f"""
<style>
[data-testid="stMainBlockContainer"] {{
  max-width: 1240px; padding: 2.6rem 2.2rem 4rem; font-variant-numeric: tabular-nums;
}}
[data-testid="stMainBlockContainer"] h1 {{
  font-size: 2.1rem; font-weight: 600; letter-spacing: -.01em; padding: 0 0 .15rem;
}}
[data-testid="stMainBlockContainer"] h3 {{
  font-size: 1.18rem; font-weight: 600; padding: .9rem 0 0;
}}
.unit {{ color: {MUTED}; font-size: .86rem; line-height: 1.35; margin: 0; }}
.lead {{ color: {MUTED}; font-size: 1.02rem; max-width: 46rem; margin: 0 0 .4rem; }}
.cards {{
  display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 0 1.5rem;
  border-top: 2px solid {INK}; margin: .4rem 0 .8rem;
}}
.card {{ padding: .6rem 0 .55rem; border-bottom: 1px solid {RULE}; }}
.card b {{
  display: block; font-size: .78rem; font-weight: 600; letter-spacing: .03em; color: {MUTED};
}}
.card strong {{
  font-family: "Source Serif", "Source Serif 4", Georgia, serif; font-size: 1.5rem;
  font-weight: 600; line-height: 1.25; color: {INK};
}}
.card strong a {{
  color: {INK}; text-decoration: underline dotted {SLATE} 1.5px; text-underline-offset: 5px;
}}
.card strong a:hover {{ text-decoration-style: solid; }}
.card i {{ font-style: normal; font-size: .84rem; color: {MUTED}; }}
.card small {{ display: block; font-size: .82rem; color: {INK}; }}
.mark {{
  font-size: .88rem; padding: .34rem .8rem; border-left: 5px solid {OCHRE}; margin: 0 0 1.1rem;
  background: repeating-linear-gradient(-45deg, #fbf1e2 0 9px, #f6e6ce 9px 18px); color: {INK};
}}
.mark b {{ letter-spacing: .09em; margin-right: .5rem; }}
.note {{
  border-left: 3px solid {SLATE}; background: {WASH}; padding: .6rem .9rem; margin: .6rem 0;
  font-size: .93rem; color: {INK};
}}
.note b {{ display: block; }}
.foot {{ color: {MUTED}; font-size: .8rem; line-height: 1.45; }}
@media (max-width: 640px) {{
  [data-testid="stMainBlockContainer"] {{ padding: 4.4rem 1rem 3rem; }}
  [data-testid="stMainBlockContainer"] h1 {{ font-size: 1.7rem; }}
  .cards {{ grid-template-columns: 1fr 1fr; gap: 0 1rem; }}
  .card strong {{ font-size: 1.22rem; }}
}}
</style>
"""
