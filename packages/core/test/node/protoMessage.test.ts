import { expect, test } from "vitest";
import { ProtoMessage } from "@fulmine/core/node";

const hex = (message: ProtoMessage): string => Buffer.from(message.encode()).toString("hex");

test("a message is written as protobuf's own guide shows it", () => {
  expect(hex(new ProtoMessage().whole(1, 150))).toBe("089601");
  expect(hex(new ProtoMessage().whole(1, -2))).toBe("08feffffffffffffffff01");
  expect(hex(new ProtoMessage().text(2, "testing"))).toBe("120774657374696e67");
  expect(hex(new ProtoMessage().message(3, new ProtoMessage().whole(1, 150)))).toBe("1a03089601");
  expect(hex(new ProtoMessage().wholes(6, [3, 270, 86942]))).toBe("3206038e029ea705");
});

test("floating-point numbers come in as many bytes as their type has, the lowest first", () => {
  expect(hex(new ProtoMessage().float(1, 1))).toBe("0d0000803f");
  expect(hex(new ProtoMessage().double(1, 1))).toBe("09000000000000f03f");
  expect(hex(new ProtoMessage().doubles(1, [1, -2]))).toBe("0a10000000000000f03f00000000000000c0");
});

test("a message holds more than it had room for at first", () => {
  const message = new ProtoMessage();
  for (let field = 0; field < 100; field++) message.text(1, "x".repeat(100));
  expect(hex(message)).toBe(`0a64${"78".repeat(100)}`.repeat(100));
});
