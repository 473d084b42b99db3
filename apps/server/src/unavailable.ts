/** Something that the server needs does not answer. The same may be asked again, and what was asked may have been done. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}
