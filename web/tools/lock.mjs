/** Leaves the lock file with nothing but names, versions and checksums: no addresses. Run after `npm install`. */
import { readFileSync, writeFileSync } from "node:fs";

const path = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(path, "utf8"));
for (const one of Object.values(lock.packages)) {
  delete one.funding;
  delete one.resolved;
}
writeFileSync(path, JSON.stringify(lock, null, 2) + "\n");
