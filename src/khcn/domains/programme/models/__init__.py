"""Models of the programme, by concern: law, plan, pipeline, task, execution, closing, money, outputs."""

from khcn.domains.programme.models.closing import AcceptanceDossier, ApplicationRecord, Asset, Handover, IpRight, Recognition, Registration
from khcn.domains.programme.models.execution import ChangeRequest, Contract, ContractAnnex, Directive, Inspection, Issue, IssueNote, ProgressReport, ReportObligation, Termination
from khcn.domains.programme.models.law import ClockRule, CostNorm, FormTemplate, RuleParameter, RuleSet
from khcn.domains.programme.models.money import BudgetLine, BudgetVersion, Counterpart, LedgerEntry
from khcn.domains.programme.models.outputs import ReportRun, SavedFilter
from khcn.domains.programme.models.pipeline import Application, Call, Order, OrderList, Proposal, SimilarityCheck
from khcn.domains.programme.models.plan import Assignment, AssignmentReport, ColumnMapping, ContentLine, Objective, Plan, PlanBasis, PlanEnvelope, PlanField, PlanItem, PlanReading, PlanSource
from khcn.domains.programme.models.task import Participation, Product, Reclassification, Task, WorkContent

__all__ = [
    "AcceptanceDossier",
    "Application",
    "ApplicationRecord",
    "Asset",
    "Assignment",
    "AssignmentReport",
    "BudgetLine",
    "BudgetVersion",
    "Call",
    "ChangeRequest",
    "ClockRule",
    "ColumnMapping",
    "ContentLine",
    "Contract",
    "ContractAnnex",
    "CostNorm",
    "Counterpart",
    "Directive",
    "FormTemplate",
    "Handover",
    "Inspection",
    "IpRight",
    "Issue",
    "IssueNote",
    "LedgerEntry",
    "Objective",
    "Order",
    "OrderList",
    "Participation",
    "Plan",
    "PlanBasis",
    "PlanEnvelope",
    "PlanField",
    "PlanItem",
    "PlanReading",
    "PlanSource",
    "Product",
    "ProgressReport",
    "Proposal",
    "Reclassification",
    "Recognition",
    "Registration",
    "ReportObligation",
    "ReportRun",
    "RuleParameter",
    "RuleSet",
    "SavedFilter",
    "SimilarityCheck",
    "Task",
    "Termination",
    "WorkContent",
]
