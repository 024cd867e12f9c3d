"""One night: what is to be run (`planning`), its steps in order (`steps`), and what each of them needs.

The command line and the Airflow DAGs call the same functions.
"""

from mirrorwatch.night.planning import Plan, plan, plan_from_settings
from mirrorwatch.night.steps import STEPS, run_night, run_step

__all__ = ["STEPS", "Plan", "plan", "plan_from_settings", "run_night", "run_step"]
