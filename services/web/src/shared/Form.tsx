import type { FormEvent, ReactNode } from "react";

interface FormProps {
  className: string;
  /** @param pressed the value of the button that was pressed, if it has one */
  onSubmit(pressed: string | null): void;
  children: ReactNode;
}

/** A form that the page itself answers. */
export function Form({ className, onSubmit, children }: FormProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { submitter } = event.nativeEvent as SubmitEvent;
    onSubmit(submitter?.getAttribute("value") ?? null);
  };
  return (
    <form className={className} onSubmit={submit}>
      {children}
    </form>
  );
}
