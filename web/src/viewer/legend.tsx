import type { ReadonlySignal } from '@preact/signals'
import type { Scale } from '../colour.ts'
import { ownImage, regionValues } from '../state/shown.ts'
import type { DrawnImage } from './use-drawing.ts'

/** What the colours stand for, where they are numbers. */
export function Legends({ image }: { image: ReadonlySignal<DrawnImage | undefined> }) {
  const valued = regionValues.value
  const drawnImage = image.value
  if (!valued && !drawnImage) return null
  const remove = ownImage.value
    ? () => {
        ownImage.value = undefined
      }
    : undefined
  return (
    <div class="legends">
      {valued ? (
        <Legend
          title={valued.title}
          scale={valued.scale}
          onRemove={() => {
            regionValues.value = undefined
          }}
        />
      ) : null}
      {drawnImage ? (
        <Legend
          title={drawnImage.isProbability ? `Probability of ${drawnImage.title}` : drawnImage.title}
          scale={drawnImage.scale}
          onRemove={remove}
        />
      ) : null}
    </div>
  )
}

interface LegendProps {
  title: string
  scale: Scale
  onRemove: (() => void) | undefined
}

function Legend({ title, scale, onRemove }: LegendProps) {
  return (
    <figure class="legend">
      <figcaption>
        <span>{title}</span>
        {onRemove ? (
          <button type="button" class="quiet" aria-label={`Remove ${title}`} onClick={onRemove}>
            ×
          </button>
        ) : null}
      </figcaption>
      <div class="bar" style={{ background: `linear-gradient(to right, ${scale.stops.join(', ')})` }} />
      <div class="ends">
        <span>{short(scale.min)}</span>
        <span>{short(scale.max)}</span>
      </div>
    </figure>
  )
}

const short = (value: number) => Number(value.toPrecision(3)).toLocaleString('en')
