import type { SealFigures as Figures } from '../../model/sealFigures.ts';
import { sealWords as say } from '../../words/seal.ts';

interface SealFiguresProps {
  /** Null before they have been asked for. */
  readonly figures: Figures | null;
  readonly devices: number;
}

/** How the call is encrypted, in figures, and what that does not hide. */
export function SealFigures({ figures, devices }: SealFiguresProps) {
  return (
    <details className="seal-more">
      <summary>{say.curious}</summary>
      <table className="details-table">
        <tbody>
          {say.rows(figures, devices).map(({ label, value }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h5>{say.server}</h5>
      <p>{say.serverSees}</p>
    </details>
  );
}
