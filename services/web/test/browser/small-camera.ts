import { mkdir, rename, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const WIDTH = 160;
const HEIGHT = 120;
const FRAMES_PER_SECOND = 5;
/** How bright the frames are, in turn: a picture that never changes would not show that it plays. */
const BRIGHTNESS = [60, 180];
const NO_COLOUR = 128;

const directory = fileURLToPath(new URL("../../../../node_modules/.cache/", import.meta.url));
const path = `${directory}small-camera.y4m`;

/**
 * What the fake camera films, as a file: 160 x 120 pixels, 5 frames a second. Chromium's own fake camera has no size
 * below 640 x 480 for who asks for that, and the browser encodes and decodes each picture on the processor.
 * @returns the path of the file
 */
export async function smallCamera(): Promise<string> {
  await mkdir(directory, { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, film());
  await rename(unfinished, path); // another run may be reading it
  return path;
}

/** YUV4MPEG2: for each frame the brightness of all pixels, then the two colours of every fourth. */
function film(): Buffer {
  const header = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FRAMES_PER_SECOND}:1 Ip A1:1 C420\n`);
  const pixels = WIDTH * HEIGHT;
  const frames = BRIGHTNESS.flatMap((brightness) => [
    Buffer.from("FRAME\n"),
    Buffer.alloc(pixels, brightness),
    Buffer.alloc(pixels / 2, NO_COLOUR),
  ]);
  return Buffer.concat([header, ...frames]);
}
