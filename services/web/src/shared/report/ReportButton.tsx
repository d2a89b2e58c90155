import { createContext, type ReactNode, useContext, useState } from "react";
import type { ReportGrounds } from "./grounds.ts";
import { ReportDialog } from "./ReportDialog.tsx";

/** A report that a person is about to make. */
interface IntendedReport {
  /** The one who is reported, as the person knows them. */
  whom: string;
  /** @returns why it could not be made; null: it was made */
  onReport(grounds: ReportGrounds): Promise<string | null>;
}

const OpenReport = createContext<(intended: IntendedReport, button: HTMLElement) => void>(() => {});

/** Where the dialog is, above all screens of a page: it stays while the person writes, also if the one who is reported leaves. */
export function ReportHost({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState<{ intended: IntendedReport; button: HTMLElement } | null>(null);
  const close = () => {
    setOpen(null);
    open?.button.focus(); // where it is still there
  };
  return (
    <OpenReport value={(intended, button) => setOpen({ intended, button })}>
      {children}
      {open && <ReportDialog {...open.intended} onClose={close} />}
    </OpenReport>
  );
}

interface ReportButtonProps extends IntendedReport {
  testId: string;
  small?: boolean;
}

/** Asks what somebody is reported for, and reports it to the operators. */
export function ReportButton({ testId, small = false, ...intended }: ReportButtonProps) {
  const open = useContext(OpenReport);
  return (
    <button
      type="button"
      className={small ? "button button-small" : "button"}
      aria-label={`Report ${intended.whom}`}
      aria-haspopup="dialog"
      data-testid={testId}
      onClick={({ currentTarget }) => open(intended, currentTarget)}
    >
      Report
    </button>
  );
}
