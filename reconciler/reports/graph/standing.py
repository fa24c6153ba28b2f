"""What is said of an object that no manifest describes."""

from reconciler.domain import Standing

NOTES = {
    Standing.MANIFEST: "",
    Standing.LIVE: "in no manifest",
    Standing.NAMED: "in no manifest",
    Standing.MISSING: "does not exist",
}
