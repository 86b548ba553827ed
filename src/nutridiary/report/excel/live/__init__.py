"""The living workbook: formulas in place of values, so that a corrected weight or food is followed through.

The sheets are written first, as always. Then formulas are laid over the cells whose figures they can work out: the
lines over the foods per 100 g, the days over the lines, the means and verdicts over the days. What no formula can say
(the sentences, the other sheets) is shown as long as every figure is as it was analysed, and gives way to a word of
warning once one is not.
"""
