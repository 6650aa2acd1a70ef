import { command } from "../command.js";
import { writeProject } from "../writeProject.js";

/** `fulmine new`: makes a small project that works. */
export const newProject = command({
  name: "new",
  summary: "Make a small TypeScript project that trains, with a test",
  operand: { name: "DIR", meaning: "the folder to make; it may exist if it is empty" },
  flags: { json: { type: "boolean", meaning: "print JSON" } },
  examples: [
    ["fulmine new spirals", "then: cd spirals && npm install && npm start"],
    ["fulmine new .", "in the current folder"],
  ],
  async run({ json = false }, dir) {
    const { name, folder, files } = await writeProject(dir);
    const steps = [`cd ${dir}`, "npm install", "npm start", "npm test", "npm run find-lr"];
    console.log(
      json
        ? JSON.stringify({ name, folder, files }, null, 2)
        : `Made ${name} in ${folder}: ${files.length} files. Next:\n\n${steps.map((step) => `  ${step}`).join("\n")}`,
    );
    return 0;
  },
});
