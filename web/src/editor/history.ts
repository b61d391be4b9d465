/** Undo and redo. Changes under one key in a row (a drag, a number being typed) count as one. */

const MOST = 200;

export class History<T> {
  private past: T[] = [];
  private future: T[] = [];
  private key: string | null = null;

  constructor(private now: T) {}

  get present(): T {
    return this.now;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  set(next: T, key: string | null = null): void {
    if (key === null || key !== this.key) {
      this.past.push(this.now);
      if (this.past.length > MOST) this.past.shift();
    }
    this.key = key;
    this.future = [];
    this.now = next;
  }

  /** The running change is over: the next one counts for itself. */
  settle(): void {
    this.key = null;
  }

  undo(): void {
    const before = this.past.pop();
    if (before === undefined) return;
    this.future.push(this.now);
    this.now = before;
    this.key = null;
  }

  redo(): void {
    const after = this.future.pop();
    if (after === undefined) return;
    this.past.push(this.now);
    this.now = after;
    this.key = null;
  }
}
