import type { Panel } from "@fulmine/figure/plugin";
import type { Theme } from "@fulmine/figure";
import type { Frame } from "../frame.js";

/** The context for drawing in a panel. */
export interface Drawing {
  readonly frame: Frame;
  readonly panel: Panel;
  readonly theme: Theme;
}
