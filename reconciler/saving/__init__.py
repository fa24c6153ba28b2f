"""Plans as files: what was reviewed is what is applied, elsewhere and later.

    write     Plan and where it is for  ->  text
    read      bytes  ->  SavedPlan, or what is wrong with the file
    strange   what no step may ask for, even if the checksum fits

A file is refused when it was cut off, changed, or made by another version, and when a call in it is not about the
object of its step. It holds no secret.
"""

from reconciler.saving.form import plan_file_schema
from reconciler.saving.read import read
from reconciler.saving.saved import SavedPlan, Target
from reconciler.saving.write import write

__all__ = ["SavedPlan", "Target", "plan_file_schema", "read", "write"]
