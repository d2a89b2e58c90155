/** Something that whoever runs the command can put right; `message` is printed as it is. */
export class UserError extends Error {
  name = "UserError";
}
