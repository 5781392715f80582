"""A project's money as its page shows it (自治项目的钱)."""

from dataclasses import dataclass

from django.db.models import Prefetch

from consultation.models import BudgetLine, Expense, SelfGovernanceProject


@dataclass(frozen=True)
class Account:
    """One thing money may be spent on: planned, spent, left, in cents, and each expense."""

    line: BudgetLine
    expenses: list[Expense]

    @property
    def spent(self) -> int:
        return sum(expense.cents for expense in self.expenses)

    @property
    def left(self) -> int:
        return self.line.planned_cents - self.spent


def accounts(project: SelfGovernanceProject) -> list[Account]:
    lines = project.budget.prefetch_related(
        Prefetch("expenses", Expense.objects.select_related("receipt"))
    )
    return [Account(line, list(line.expenses.all())) for line in lines]


def yuan(cents: int) -> str:
    """Cents as people write money: 1,234.50."""
    sign = "-" if cents < 0 else ""
    whole, part = divmod(abs(cents), 100)
    return f"{sign}{whole:,}.{part:02d}"
