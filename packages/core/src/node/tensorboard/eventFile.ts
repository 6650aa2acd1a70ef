/// <reference types="node" />
import { hostname } from "node:os";
import { join } from "node:path";
import { AppendFile } from "../loggers/logFile.js";
import { ProtoMessage } from "../protoMessage.js";
import { tfRecord } from "./tfRecord.js";

let filesMade = 0;

/**
 * A file of TensorBoard events with their times.
 *
 * Each file has a unique name, so that a folder may contain several; TensorBoard reads them in order. Format: a TFRecord
 * file of `Event` messages (TensorFlow's `core/util/event.proto`).
 */
export class EventFile {
  readonly #file: AppendFile;

  /** @throws FulmineError `INVALID_OPTION` when the folder can't be written. */
  constructor(folder: string) {
    const second = String(Math.floor(Date.now() / 1000)).padStart(10, "0");
    const name = `events.out.tfevents.${second}.${hostname()}.${process.pid}.${filesMade++}`;
    this.#file = new AppendFile(join(folder, name));
    this.#append(new ProtoMessage().text(3, "brain.Event:2"));
    this.flush();
  }

  /** Path of the file. */
  get path(): string {
    return this.#file.path;
  }

  /** Appends the values of a step. */
  append(step: number, values: readonly ProtoMessage[]): void {
    const summary = new ProtoMessage();
    for (const value of values) summary.message(1, value);
    this.#append(new ProtoMessage().whole(2, step).message(5, summary));
  }

  /** Writes all buffered events. */
  flush(): void {
    this.#file.flush();
  }

  #append(event: ProtoMessage): void {
    this.#file.append(tfRecord(event.double(1, Date.now() / 1000).encode()));
  }
}
