"""What may be wrong with a photo: the short hint while the camera looks, and the sentence about a picture taken."""

from __future__ import annotations

from station.domain.mark import N_

_AGAIN = N_("Take the photo again, or keep it and give the reason.")
_ONE_FACE = N_("Take the photo again with one face in the oval. After several tries it is taken as it is.")

FACES: dict[str, tuple[str, str]] = {
    "face.none": (N_("No face was found in the picture."), _ONE_FACE),
    "face.many": (N_("There is more than one face in the picture."), _ONE_FACE),
    "face.far": (N_("The face is small in the picture."), _AGAIN),
    "face.near": (N_("The face is too large for the picture."), _AGAIN),
    "face.off_centre": (N_("The face is not in the middle of the picture."), _AGAIN),
    "face.dark": (N_("The photo is dark."), _AGAIN),
    "face.bright": (N_("The photo is too bright."), _AGAIN),
    "face.tilted": (N_("The head is tilted in the photo."), _AGAIN),
    "face.turned": (N_("The head is turned to the side in the photo."), _AGAIN),
    "face.pitch": (N_("The head looks up or down in the photo."), _AGAIN),
    "face.eyes_closed": (N_("The eyes are closed or hidden in the photo."), _AGAIN),
    "face.mouth_open": (N_("The mouth is open in the photo."), _AGAIN),
    "face.shadow": (N_("One side of the face is in shadow."), _AGAIN),
    "face.blurred": (N_("The photo is not sharp."), _AGAIN),
    "face.background": (N_("The background of the photo has another colour than the birth year asks for."), _AGAIN),
    "face.uneven": (N_("The background of the photo is not even."), _AGAIN),
    "camera.denied": (
        N_("This computer does not let the program use the camera."),
        N_("Allow it in the privacy settings of the computer. The other steps stay open."),
    ),
    "camera.coarse": (
        N_("The camera's picture is too small for a photo."),
        N_("Choose another camera: one with 1280 by 720 pixels or more."),
    ),
    "camera.black": (
        N_("The camera shows only black."),
        N_("Open its cover, or take off the cap of the lens."),
    ),
}

FACE_HINTS: dict[str, str] = {
    "face.dark": N_("Too dark: more light from the front"),
    "face.none": N_("Face the camera"),
    "face.many": N_("Only one person in the picture"),
    "face.far": N_("Come a little closer"),
    "face.near": N_("Move back a little"),
    "face.off_centre": N_("Bring the face into the oval"),
    "face.bright": N_("Too bright: turn away from the light"),
    "face.tilted": N_("Hold the head upright"),
    "face.turned": N_("Look straight ahead"),
    "face.pitch": N_("Keep the chin level"),
    "face.eyes_closed": N_("Open the eyes; glasses off"),
    "face.mouth_open": N_("Close the mouth"),
    "face.shadow": N_("Light from both sides: one side is in shadow"),
    "face.blurred": N_("Not sharp: hold still"),
    "face.background": N_("Another background: see its colour beside"),
    "face.uneven": N_("Smooth the cloth behind the person"),
}
