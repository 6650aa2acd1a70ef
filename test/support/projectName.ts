import { beforeEach } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    /** The Vitest project; Vitest's JSON report does not name it. */
    project?: string;
  }
}

beforeEach(({ task }) => {
  if (task.file.projectName !== undefined) task.meta.project = task.file.projectName;
});
