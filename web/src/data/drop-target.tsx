import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { report } from '../state/problems.ts'
import { take } from './dropped.ts'

/** The whole page takes files; while one is held over it, it says so. */
export function DropTarget() {
  const isOver = useSignal(false)
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const listeners: [string, (event: DragEvent) => void][] = [
      [
        'dragover',
        (event) => {
          if (!hasFiles(event)) return
          event.preventDefault()
          isOver.value = true
        },
      ],
      [
        'dragleave',
        (event) => {
          if (event.relatedTarget === null) isOver.value = false
        },
      ],
      [
        'drop',
        (event) => {
          isOver.value = false
          const [file] = event.dataTransfer?.files ?? []
          if (!file) return
          event.preventDefault()
          take(file).catch(report)
        },
      ],
    ]
    for (const [name, listen] of listeners) addEventListener(name, listen as EventListener)
    return () => {
      for (const [name, listen] of listeners) removeEventListener(name, listen as EventListener)
    }
  }, [])
  if (!isOver.value) return null
  return (
    <div class="drop-target">
      <p>Drop a NIfTI image, a CSV of points, or a CSV of values by region</p>
    </div>
  )
}
