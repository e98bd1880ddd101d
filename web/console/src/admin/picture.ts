// A picture as it goes to the server: a square of 256 pixels, without what the camera wrote beside it.
const SIDE = 256;
const QUALITY = 0.86;

/** The middle of the file as a JPEG, and its address for an <img>; null for what the browser cannot draw. */
export async function pictureOf(file: Blob): Promise<{ file: Blob; shown: string } | null> {
  let drawn: ImageBitmap;
  try {
    drawn = await createImageBitmap(file);
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const pen = canvas.getContext("2d")!;
  const side = Math.min(drawn.width, drawn.height);
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, SIDE, SIDE);
  pen.drawImage(drawn, (drawn.width - side) / 2, (drawn.height - side) / 2, side, side, 0, 0, SIDE, SIDE);
  const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  return made && { file: made, shown: canvas.toDataURL("image/jpeg", QUALITY) };
}
