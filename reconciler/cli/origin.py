"""Where the files of this run can be looked at, as the environment of a pipeline says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from reconciler.reports.told import NOWHERE, Origin


def origin(environ: Mapping[str, str], here: Path) -> Origin:
    """Links for GitHub Actions and GitLab CI; none elsewhere.

    RECONCILER_COMMIT is taken before what the pipeline says: on a pull request GitHub names a merge that nobody made.
    """
    if environ.get("GITHUB_REPOSITORY"):
        project = f"{environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{environ['GITHUB_REPOSITORY']}"
        commit, top = environ.get("GITHUB_SHA"), environ.get("GITHUB_WORKSPACE")
        files, run = f"{project}/blob", f"{project}/actions/runs/{environ.get('GITHUB_RUN_ID', '')}"
    elif environ.get("CI_PROJECT_URL"):
        commit, top = environ.get("CI_COMMIT_SHA"), environ.get("CI_PROJECT_DIR")
        files, run = f"{environ['CI_PROJECT_URL']}/-/blob", environ.get("CI_JOB_URL", "")
    else:
        return NOWHERE
    commit = environ.get("RECONCILER_COMMIT") or commit
    folder = os.path.relpath(here, top) if top else ""
    return Origin(f"{files}/{commit}" if commit else "", "" if folder == "." else Path(folder).as_posix(), run)
