import type { FormEvent, ReactNode } from "react";
import { useFocusOnMount } from "./hooks/use-page-life.ts";

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

interface StartCardProps {
  title: string;
  /** The purpose of this page, in a sentence or two. */
  lead: string;
  /** Whether the person comes from somewhere else on the page, and the keyboard should go on here. */
  focused?: boolean;
  onSubmit(pressed: string | null): void;
  /** The fields and buttons. */
  children: ReactNode;
}

/** Where a dialect's page begins: what it is for, and a form. */
export function StartCard({ title, lead, focused = false, onSubmit, children }: StartCardProps) {
  const heading = useFocusOnMount<HTMLHeadingElement>(focused);
  return (
    <section className="start" aria-labelledby="start-title">
      <h1 id="start-title" ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <p className="lead">{lead}</p>
      <Form className="card start-form" onSubmit={onSubmit}>
        {children}
      </Form>
    </section>
  );
}
