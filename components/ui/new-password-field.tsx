import { FormField } from "./action-form.tsx";

/** The field for a password that is being chosen; `least` is the number of characters it needs. */
export function NewPasswordField({
  label = "Password",
  least,
  hint,
}: {
  label?: string;
  least: number;
  hint?: string;
}) {
  return (
    <FormField
      label={label}
      name="password"
      type="password"
      autoComplete="new-password"
      required
      minLength={least}
      hint={[`At least ${least} characters.`, hint].filter(Boolean).join(" ")}
    />
  );
}
