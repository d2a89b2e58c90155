/** An error that the user of the command can put right; `message` is printed as it is. */
export class UserError extends Error {
  name = "UserError";
}
