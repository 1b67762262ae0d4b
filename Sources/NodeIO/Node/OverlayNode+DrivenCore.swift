import OverlayNode

extension OverlayNode: DrivenCore {
    package static var wakeEvent: Event { .wake }
}
