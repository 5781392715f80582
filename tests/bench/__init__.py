"""How fast the portal is, beside what it is measured by (./dev bench). Prints figures; judges nothing.

Absolute figures move with the machine: only ratios from one run count.
"""
